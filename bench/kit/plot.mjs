// Small plots as SVG: panels beside each other, each with lines over a common axis.

const panel = { width: 380, height: 300, left: 70, right: 20, top: 40, bottom: 50 };
const colours = ['#1f6feb', '#8b949e'];

/**
 * @param {string} title
 * @param {{ title: string, x: string, y: string, lines: { name: string, points: [number, number][] }[] }[]} panels
 * @returns the text of an SVG file
 */
export function plot(title, panels) {
  const width = panels.length * panel.width;
  const height = panel.height + 30;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="12">`,
    `<rect width="${width}" height="${height}" fill="white"/>`,
    text(width / 2, 20, title, 'middle', 'font-weight="bold"'),
    ...panels.map((each, i) => `<g transform="translate(${i * panel.width} 30)">${drawPanel(each)}</g>`),
    '</svg>',
    '',
  ].join('\n');
}

function drawPanel({ title, x, y, lines }) {
  const points = lines.flatMap((line) => line.points);
  const horizontal = scale(
    points.map(([at]) => at),
    panel.left,
    panel.width - panel.right,
  );
  const vertical = scale(
    points.map(([, at]) => at),
    panel.height - panel.bottom,
    panel.top,
  );
  const [right, bottom] = [panel.width - panel.right, panel.height - panel.bottom];
  return [
    text(panel.width / 2, 16, title, 'middle'),
    ...horizontal.ticks.map((tick) => {
      const at = horizontal.place(tick);
      return rule(at, panel.top, at, bottom) + text(at, bottom + 16, shown(tick), 'middle');
    }),
    ...vertical.ticks.map((tick) => {
      const at = vertical.place(tick);
      return rule(panel.left, at, right, at) + text(panel.left - 6, at + 4, shown(tick), 'end');
    }),
    text((panel.left + right) / 2, panel.height - 12, x, 'middle'),
    text(panel.left, panel.top - 8, y, 'middle'),
    ...lines.map((line, i) => drawLine(line, colours[i % colours.length], i, horizontal, vertical)),
  ].join('\n');
}

function drawLine({ name, points }, colour, index, horizontal, vertical) {
  const places = points.map(([x, y]) => [horizontal.place(x).toFixed(1), vertical.place(y).toFixed(1)]);
  const y = panel.top + 14 + 16 * index;
  return [
    `<polyline fill="none" stroke="${colour}" stroke-width="2" points="${places.map((at) => at.join(',')).join(' ')}"/>`,
    ...places.map(([cx, cy]) => `<circle cx="${cx}" cy="${cy}" r="3" fill="${colour}"/>`),
    `<rect x="${panel.left + 10}" y="${y - 8}" width="12" height="3" fill="${colour}"/>`,
    text(panel.left + 28, y, name, 'start'),
  ].join('\n');
}

/** A linear scale from 0 on, with a few round ticks. */
function scale(values, from, to) {
  const greatest = Math.max(...values, Number.MIN_VALUE);
  const power = 10 ** Math.floor(Math.log10(greatest / 4));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((each) => greatest / each <= 5);
  const ticks = [];
  for (let i = 0; i * step <= greatest * 1.001; i++) ticks.push(i * step);
  return { ticks, place: (value) => from + (value / greatest) * (to - from) };
}

function rule(x1, y1, x2, y2) {
  return `<line x1="${x1.toFixed(1)}" y1="${y1.toFixed(1)}" x2="${x2.toFixed(1)}" y2="${y2.toFixed(1)}" stroke="#d8dee4"/>`;
}

function text(x, y, content, anchor, more = '') {
  const escaped = content.replace(/&/g, '&amp;').replace(/</g, '&lt;');
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}" ${more}>${escaped}</text>`;
}

function shown(number) {
  return Number(number.toPrecision(6)).toLocaleString('en-US');
}
