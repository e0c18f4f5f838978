// Plots as SVG, drawn by hand: two kinds are all that the docs need.
import { quantile } from './statistics.mjs';

const WIDTH = 760;
const HEIGHT = 420;
const LEFT = 70;
const RIGHT = 30;
const TOP = 70;
const BOTTOM = 70;
const COLOURS = ['#6b7280', '#0f766e', '#b91c1c', '#7c3aed'];
const STEPS = [1, 2, 2.5, 5, 10];

/** How many of the values lie below a limit, over a logarithmic axis; with marked quantiles, and a goal. */
export function distributionPlot({ title, subtitle, values, marks, goal, unit }) {
  const sorted = values.toSorted((one, other) => one - other);
  const [low, high] = [10 ** Math.floor(Math.log10(sorted[0])), Math.max(goal * 2, sorted.at(-1))];
  const x = (value) => LEFT + (Math.log(value / low) / Math.log(high / low)) * (WIDTH - LEFT - RIGHT);
  const y = (part) => HEIGHT - BOTTOM - part * (HEIGHT - TOP - BOTTOM);
  const ticks = [1, 2, 5].flatMap((digit) => [0.1, 1, 10, 100, 1000].map((power) => digit * power));
  return svg(title, subtitle, [
    ...[0, 0.25, 0.5, 0.75, 1].map((part) => horizontal(y(part), `${part * 100} %`)),
    ...ticks
      .filter((tick) => tick >= low && tick <= high)
      .map((tick) => label(x(tick), HEIGHT - BOTTOM + 20, tick)),
    label(WIDTH / 2, HEIGHT - 22, `${unit}, logarithmic`),
    line(
      sorted.map((value, index) => [x(value), y((index + 1) / sorted.length)]),
      COLOURS[1],
    ),
    ...vertical(x(goal), `goal: p99 under ${goal} ${unit}`, COLOURS[2]),
    ...Object.entries(marks).flatMap(([name, part], index, { length }) => {
      const value = quantile(sorted, part);
      // The last two lie close together.
      const below = index === length - 1 ? 14 : 28;
      return [
        dot(x(value), y(part), COLOURS[1]),
        label(x(value) + 10, y(part) + below, `${name}: ${value.toFixed(1)} ${unit}`, 'start'),
      ];
    }),
  ]);
}

/** One line for each series, over labels that are evenly spaced. */
export function linePlot({ title, subtitle, labels, series }) {
  const highest = Math.max(...series.flatMap(({ values }) => values));
  const step = stepFor(highest / 5);
  const top = Math.ceil(highest / step) * step;
  const x = (index) => LEFT + 20 + (index / (labels.length - 1)) * (WIDTH - LEFT - RIGHT - 40);
  const y = (value) => HEIGHT - BOTTOM - (value / top) * (HEIGHT - TOP - BOTTOM);
  const ticks = Array.from({ length: Math.round(top / step) + 1 }, (_, index) => index * step);
  return svg(title, subtitle, [
    ...ticks.map((tick) => horizontal(y(tick), tick.toLocaleString('en'))),
    ...labels.map((text, index) => label(x(index), HEIGHT - BOTTOM + 20, text)),
    ...series.flatMap(({ name, values }, number) => [
      line(
        values.map((value, index) => [x(index), y(value)]),
        COLOURS[number],
      ),
      ...values.map((value, index) => dot(x(index), y(value), COLOURS[number])),
      ...legend(legendAt(series, number), number, name),
    ]),
  ]);
}

// A letter is about seven wide.
function legendAt(series, number) {
  return series.slice(0, number).reduce((x, { name }) => x + name.length * 7 + 40, LEFT);
}

function stepFor(about) {
  const power = 10 ** Math.floor(Math.log10(about));
  return power * STEPS.find((step) => step * power >= about);
}

function svg(title, subtitle, parts) {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="system-ui, sans-serif" font-size="13" role="img">
<title>${title}</title>
<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>
<text x="${LEFT}" y="28" font-size="17" font-weight="600" fill="#111827">${title}</text>
<text x="${LEFT}" y="48" fill="#6b7280">${subtitle}</text>
${parts.join('\n')}
</svg>
`;
}

function label(x, y, text, anchor = 'middle') {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}" fill="#374151">${text}</text>`;
}

function horizontal(y, text) {
  return `<path d="M${LEFT} ${y.toFixed(1)}H${WIDTH - RIGHT}" stroke="#e5e7eb"/>${label(LEFT - 8, y + 4, text, 'end')}`;
}

function vertical(x, text, colour) {
  return [
    `<path d="M${x.toFixed(1)} ${TOP}V${HEIGHT - BOTTOM}" stroke="${colour}" stroke-dasharray="5 4"/>`,
    label(x - 8, HEIGHT - BOTTOM - 12, text, 'end'),
  ];
}

function line(points, colour) {
  const path = points.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join('L');
  return `<path d="M${path}" fill="none" stroke="${colour}" stroke-width="2"/>`;
}

function dot(x, y, colour) {
  return `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="4" fill="${colour}"/>`;
}

function legend(x, number, name) {
  return [dot(x, HEIGHT - 22, COLOURS[number]), label(x + 10, HEIGHT - 18, name, 'start')];
}
