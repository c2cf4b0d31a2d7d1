/** `<qr-code address="https://.../r#" digits="..." label="...">`: both as one square code, drawn in the page. */

import qrcode from "qrcode-generator";
import { everyElement } from "../lib/page.ts";

const SVG = "http://www.w3.org/2000/svg";
const QUIET = 4; // modules of white around the code (ISO/IEC 18004)

everyElement("qr-code", (host) => {
  const code = qrcode(0, "M");
  code.addData(host.getAttribute("address") as string, "Byte");
  code.addData(host.getAttribute("digits") as string, "Numeric");
  code.make();
  const size = code.getModuleCount();
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "qr");
  svg.setAttribute("viewBox", `${-QUIET} ${-QUIET} ${size + 2 * QUIET} ${size + 2 * QUIET}`);
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", host.getAttribute("label") as string);
  const whole = size + 2 * QUIET;
  draw(svg, `M${-QUIET} ${-QUIET}h${whole}v${whole}h${-whole}z`, "qr-ground");
  draw(svg, dark(code, size), "");
  host.appendChild(svg);
});

/** Draw the dark modules, a run at a time. */
function dark(code: QRCode, size: number): string {
  let path = "";
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      let run = 0;
      while (column + run < size && code.isDark(row, column + run)) run++;
      if (run) path += `M${column} ${row}h${run}v1h${-run}z`;
      column += run;
    }
  }
  return path;
}

function draw(svg: Element, path: string, name: string): void {
  const drawn = document.createElementNS(SVG, "path");
  drawn.setAttribute("d", path);
  if (name) drawn.setAttribute("class", name);
  svg.appendChild(drawn);
}
