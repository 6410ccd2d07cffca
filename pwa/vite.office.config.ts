import { defineConfig } from "vite";

// The scripts and style sheets of the office and the public site, under fixed names that the Jinja pages know.
export default defineConfig({
  publicDir: "src/office/public",
  build: {
    outDir: "dist/assets",
    emptyOutDir: true,
    rollupOptions: {
      input: { office: "src/office/office.ts", public: "src/office/public.css", verify: "src/public/verify.ts" },
      output: { entryFileNames: "[name].js", assetFileNames: "[name][extname]" },
    },
  },
});
