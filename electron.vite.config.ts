import { existsSync } from 'node:fs'
import { builtinModules } from 'node:module'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'

// Oldest runtime that the product is run on (see docs): Node 20.18 and Chromium 130, as in Electron 33.
const node = 'node20.18'
const chrome = 'chrome130'

/** Packages that stay in node_modules: native ones, and those that load parts of themselves by path. */
const external = ['electron', 'better-sqlite3', 'keytar', 'imapflow', ...builtinModules.flatMap((name) => [name, `node:${name}`])]

const entries = {
  main: 'src-main/hosts/electron/main.ts',
  engine: 'src-main/hosts/electron/engine.ts',
  'store-thread': 'src-main/store/thread.ts',
  'pack-files-thread': 'src-main/archive/pack/small-files-thread.ts',
  server: 'src-main/hosts/server/main.ts',
  cli: 'src-main/hosts/cli/main.ts',
}

export default defineConfig({
  main: {
    build: {
      target: node,
      externalizeDeps: false,
      rolldownOptions: {
        external,
        input: Object.fromEntries(Object.entries(entries).filter(([, file]) => existsSync(file))),
        // Beside the entries, so that a file finds its neighbours the same way from wherever its code ended up.
        output: { format: 'es', chunkFileNames: '[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      target: node,
      externalizeDeps: false,
      rolldownOptions: {
        external: ['electron'],
        input: { preload: 'src-main/hosts/electron/preload.ts', early: 'src-main/hosts/electron/early.ts' },
        // A sandboxed preload can only be CommonJS.
        output: { format: 'cjs', entryFileNames: '[name].cjs', chunkFileNames: '[name]-[hash].cjs' },
      },
    },
  },
  renderer: {
    root: 'src-renderer',
    plugins: [react()],
    build: {
      target: chrome,
      minify: true,
      rolldownOptions: { input: 'src-renderer/index.html' },
    },
  },
})
