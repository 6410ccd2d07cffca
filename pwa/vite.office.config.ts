import { defineConfig } from "vite";

// The scripts and style sheets of the office and the public site, under fixed names that the Jinja pages know.
export default defineConfig({
  publicDir: "src/office/public",
  build: {
    outDir: "dist/assets",
    emptyOutDir: true,
    rollupOptions: {
      // The eval in htmx is switched off (office.ts) and forbidden by the pages' policy: no news to whoever builds.
      onLog: (level, log, pass) => {
        if (log.code !== "EVAL" || !log.id?.includes("htmx.org")) pass(level, log);
      },
      input: { office: "src/office/office.ts", public: "src/office/public.css", verify: "src/public/verify.ts" },
      output: { entryFileNames: "[name].js", assetFileNames: "[name][extname]" },
    },
  },
});
