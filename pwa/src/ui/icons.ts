/** The Lucide icons in use, inlined at build; each has one meaning everywhere (LOOK "Icons"). */
const files = import.meta.glob<string>(
  [
    "/node_modules/lucide-static/icons/{arrow-left,arrow-right,calendar-check,calendar-days,camera,camera-off,check,chevron-down,chevron-left,chevron-right}.svg",
    "/node_modules/lucide-static/icons/{circle,circle-alert,circle-check,circle-dot-dashed,circle-help,circle-user-round,circle-x,clipboard-list,clock,cloud-off,copy}.svg",
    "/node_modules/lucide-static/icons/{download,ellipsis-vertical,eye,file-text,gavel,git-compare,history,id-card,image,info,layers,list-checks,loader-circle,lock,log-out}.svg",
    "/node_modules/lucide-static/icons/{map-pin,map-pin-off,maximize-2,mic,minus,navigation,octagon-alert,package,paperclip,pencil,phone,plus,printer,qr-code,refresh-cw,rotate-ccw}.svg",
    "/node_modules/lucide-static/icons/{scroll-text,send,server,shield-check,signature,smartphone,stamp,trash-2,undo-2,user-round-check,users-round,video,volume-2,x}.svg",
  ],
  { query: "?raw", import: "default", eager: true },
);

const shapes = new Map(Object.entries(files).map(([path, svg]) => [nameOf(path), innerOf(svg)]));

/** The shapes of an icon on its 24 grid. An unknown name is a mistake of ours, so it is loud. */
export function iconShapes(name: string): string {
  const found = shapes.get(name);
  if (found === undefined) throw new Error(`no icon ${name}`);
  return found;
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1, -".svg".length);
}

function innerOf(svg: string): string {
  return svg.slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>")).trim();
}
