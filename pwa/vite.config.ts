import { fileURLToPath } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { VitePWA } from "vite-plugin-pwa";
import { defineConfig } from "vitest/config";

/** The phone app: built to dist/app, served under /app/, with its service worker at /app/sw.js. */
export default defineConfig({
  base: "/app/",
  publicDir: "src/app/public",
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    outDir: "dist/app",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: { polyfill: false },
    // The office shows the second one in a frame: a form to be tried out.
    rollupOptions: { input: ["index.html", "preview.html"] },
  },
  plugins: [
    svelte(),
    VitePWA({
      strategies: "injectManifest",
      srcDir: "src",
      filename: "sw.ts",
      registerType: "prompt",
      injectRegister: false,
      manifest: {
        name: "摇号 现场检查",
        short_name: "摇号",
        lang: "zh-CN",
        start_url: "/app/",
        scope: "/app/",
        display: "standalone",
        background_color: "#f2f4f5",
        theme_color: "#0d5166",
        icons: [{ src: "mark.svg", sizes: "any", type: "image/svg+xml", purpose: "any" }],
      },
      injectManifest: { globPatterns: ["**/*.{js,css,html,svg}"], sourcemap: false },
    }),
  ],
  test: { include: ["tests/**/*.test.ts"], environment: "node" },
});
