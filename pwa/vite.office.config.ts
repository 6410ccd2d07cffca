import { defineConfig } from "vite";

// The office's script and the two style sheets, under fixed names that the Jinja pages know.
export default defineConfig({
  publicDir: "src/office/public",
  build: {
    outDir: "dist/assets",
    emptyOutDir: true,
    rollupOptions: {
      input: { office: "src/office/office.ts", public: "src/office/public.css" },
      output: { entryFileNames: "[name].js", assetFileNames: "[name][extname]" },
    },
  },
});
