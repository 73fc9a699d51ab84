import { cpSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { defineConfig, type Plugin } from 'vite';

const PDF_FOLDERS = ['cmaps', 'standard_fonts', 'wasm', 'iccs'];

/** Ships what pdf.js loads at run time (character maps, fonts, image decoders) under /assets/pdfjs/. */
function pdfjsAssets(): Plugin {
  const root = dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'));
  return {
    name: 'pdfjs-assets',
    apply: 'build',
    writeBundle({ dir }) {
      for (const folder of PDF_FOLDERS) {
        const target = join(dir ?? 'dist', 'assets', 'pdfjs', folder);
        mkdirSync(target, { recursive: true });
        cpSync(join(root, folder), target, { recursive: true });
      }
    },
  };
}

/** Puts the licences of what is shipped beside scripts into /assets/licences/; those of scripts stand there too, in scripts.md. */
function otherLicences(): Plugin {
  const { resolve } = createRequire(import.meta.url);
  const licences = {
    'be-vietnam-pro.txt': resolve('@fontsource/be-vietnam-pro/LICENSE'),
    'noto-sans-arabic.txt': resolve('@fontsource/noto-sans-arabic/LICENSE'),
    'gtcrn.txt': join(import.meta.dirname, 'src', 'rtc', 'gtcrn-licence.txt'),
  };
  return {
    name: 'other-licences',
    apply: 'build',
    writeBundle({ dir }) {
      for (const [name, source] of Object.entries(licences)) cpSync(source, join(dir ?? 'dist', 'assets', 'licences', name));
    },
  };
}

export default defineConfig({
  plugins: [pdfjsAssets(), otherLicences()],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target: ['chrome140', 'firefox140', 'safari18.4'],
    assetsInlineLimit: 0, // data: URLs are refused by the content security policy, except for pictures
    license: { fileName: 'assets/licences/scripts.md' },
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700, // pdf.js and mediasoup-client are loaded only in the room
  },
  server: {
    proxy: { '/api': { target: 'https://localhost:8443', changeOrigin: false, secure: false, ws: true } },
  },
});
