// Medians, spread, and tables of them.

/** The value below which this part (0 to 1) of the values lies. */
export function quantile(values, part) {
  const sorted = values.toSorted((one, other) => one - other);
  const position = (sorted.length - 1) * part;
  const below = sorted[Math.floor(position)];
  return below + (sorted[Math.ceil(position)] - below) * (position % 1);
}

/** The value in the middle. */
export function median(values) {
  return quantile(values, 0.5);
}

/** Median and quartiles as a table shows them: `12.3 (11.9 to 12.8)`. */
export function middleHalf(values) {
  const [low, middle, high] = [0.25, 0.5, 0.75].map((part) => quantile(values, part).toFixed(1));
  return `${middle} (${low} to ${high})`;
}

/** What one server costs above another, round by round: what disturbed a whole round falls out. */
export function differences(values, baseline) {
  return values.map((value, round) => value - baseline[round]);
}

/** How many times what another costs, round by round. */
export function ratios(values, baseline) {
  return values.map((value, round) => value / baseline[round]);
}

/** Rows (objects with the same keys) as aligned text with a heading. */
export function table(rows) {
  const heading = Object.keys(rows[0]);
  const lines = [heading, ...rows.map((row) => heading.map((column) => String(row[column] ?? '')))];
  const widths = heading.map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
