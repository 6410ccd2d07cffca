const WIDTH = 1280;
const LINE = 34;
const MARGIN = 14;

/**
 * A copy of a photo with its facts on a band below, made on this phone to be handed on. The picture is not covered and the
 * original is not touched: it stays the evidence.
 */
export async function withFacts(original: Blob, lines: string[]): Promise<Blob> {
  // A browser turns the picture upright by itself and leaves place and camera data behind.
  const photo = await createImageBitmap(original, { imageOrientation: "from-image" });
  const scale = Math.min(1, WIDTH / photo.width);
  const [width, height] = [Math.round(photo.width * scale), Math.round(photo.height * scale)];
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height + lines.length * LINE + 2 * MARGIN;
  const pen = canvas.getContext("2d");
  if (!pen) throw new Error("this browser draws no pictures");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(photo, 0, 0, width, height);
  photo.close();
  pen.fillStyle = "#12202a";
  pen.font = `22px "Noto Sans CJK SC", "PingFang SC", sans-serif`;
  for (const [n, line] of lines.entries()) {
    pen.fillText(line, MARGIN, height + MARGIN + (n + 0.75) * LINE, width - 2 * MARGIN);
  }
  return new Promise((tell, fail) =>
    canvas.toBlob((made) => (made ? tell(made) : fail(new Error("no picture was made"))), "image/jpeg", 0.88),
  );
}

/** Hand a file to whatever the person chooses; where the phone cannot share, save it. */
export async function handOn(file: File): Promise<void> {
  if (navigator.canShare?.({ files: [file] })) {
    await navigator.share({ files: [file] }).catch(unlessLeft);
    return;
  }
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = file.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

function unlessLeft(reason: unknown): void {
  if (!(reason instanceof DOMException) || reason.name !== "AbortError") throw reason;
}
