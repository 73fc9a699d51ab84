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

export default defineConfig({
  plugins: [pdfjsAssets()],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target: ['chrome140', 'firefox140', 'safari18.4'],
    assetsInlineLimit: 0, // data: URLs are refused by the content security policy, except for pictures
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700, // pdf.js and mediasoup-client are loaded only in the room
  },
  server: {
    proxy: { '/api': { target: 'https://localhost:8443', changeOrigin: false, secure: false, ws: true } },
  },
});
