import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/** `BROKEN_BUILD` makes the app wrong on purpose, to show that the schedules notice. */
const DEFECTS: Record<string, { file: string; good: string; bad: string }> = {
  "deletes before the receipt": {
    file: "/src/sync/uploads.ts",
    good: "    const original = await openOriginal(this.store, row.sha);\n",
    bad: '    const original = await openOriginal(this.store, row.sha);\n    await this.store.write(async (transaction) => void (await transaction.objectStore("blobs").delete(row.sha)));\n',
  },
  "retries with a new id": {
    file: "/src/sync/push.ts",
    good: "      if (!(reason instanceof Refused)) throw reason;\n",
    bad: "      if (!(reason instanceof Refused)) {\n        await adoptNewDevice(store, device.id);\n        throw reason;\n      }\n",
  },
};

const defect = DEFECTS[process.env.BROKEN_BUILD ?? ""];

export default defineConfig({
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  plugins: [
    {
      name: "broken-build",
      enforce: "pre",
      transform(code: string, id: string) {
        if (!defect || !id.endsWith(defect.file)) return null;
        if (!code.includes(defect.good)) throw new Error(`${defect.file} no longer reads as the defect expects`);
        return code.replace(defect.good, defect.bad);
      },
    },
  ],
  test: { include: ["tests/faults/*.fault.ts"], environment: "node", maxWorkers: 1 },
});
