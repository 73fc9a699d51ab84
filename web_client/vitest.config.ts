import { defineConfig, mergeConfig } from 'vitest/config';
import base from './vite.config.ts';

export default mergeConfig(
  base,
  defineConfig({
    test: {
      environment: 'jsdom',
      pool: 'threads',
      isolate: false, // one document per thread instead of one per file: tests/setup.ts leaves nothing behind in it
      setupFiles: ['tests/setup.ts'],
      testTimeout: 30_000, // a full check by axe takes seconds on a busy machine
      include: ['tests/**/*.test.{ts,tsx}'],
      restoreMocks: true,
      unstubGlobals: true,
    },
  }),
);
