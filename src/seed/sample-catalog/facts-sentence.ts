import { pick } from './hash.js';
import type { Choice, ProductLine } from './read-product-line.js';
import type { SampleAttributes } from './shapes.js';

/** What there is to say, as it stands in a sentence; empty where it is not known. */
interface Facts {
  readonly material: string;
  readonly size: string;
  readonly weight: string;
  readonly care: string;
  readonly origin: string;
  readonly hours: string;
}

/** How to speak of a product. */
interface Grammar {
  readonly subject: string;
  readonly s: 's' | '';
  readonly is: 'is' | 'are';
}

// Where a buyer chooses one of these, the weight is that of the middle size or of the first of the others.
const CHANGES_THE_WEIGHT: ReadonlySet<string> = new Set([
  'size',
  'capacity',
  'diameter',
  'length',
  'volume',
  'thickness',
  'height',
  'back',
  'frame',
  'pieces',
]);

/** A sentence of the measures, weight and material of a product, worded now this way and now that; `null` where it has none. */
export function factsSentence(line: ProductLine): string | null {
  const facts = factsOf(line);
  const grammar = grammarOf(line);
  const [first, ...others] = [...plainWordings(facts), ...(grammar ? fullWordings(facts, grammar) : [])];
  if (first === undefined) {
    return null;
  }
  const sentence = pick(line.title, [first, ...others]);
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

function factsOf({ attributes, choices }: ProductLine): Facts {
  return {
    material: [textOf(attributes.material), textOf(attributes.fabricWeight)].filter(Boolean).join(', '),
    size: textOf(attributes.dimensions),
    weight: typeof attributes.weight === 'number' ? weightText(attributes.weight, choices) : '',
    care: textOf(attributes.care),
    origin: textOf(attributes.origin),
    hours: typeof attributes.batteryHours === 'number' ? `${attributes.batteryHours} hours` : '',
  };
}

function textOf(value: SampleAttributes[string] | undefined): string {
  return typeof value === 'string' ? value : '';
}

// Without a verb, for anything: one thing, a pair, a set, a bear that has a name.
function plainWordings({ material, size, weight, care, origin }: Facts): string[] {
  if (size && weight) {
    return [
      `size ${size}, weight ${weight}.`,
      `dimensions ${size}; weight ${weight}.`,
      ...(material ? [`${material}, ${size}, ${weight}.`] : []),
    ];
  }
  if (size || weight) {
    const name = size ? 'Size' : 'Weight';
    return [`${name}: ${size || weight}.`, ...(material ? [`${material}, ${size || weight}.`] : [])];
  }
  if (material && origin) {
    return [`${material}, made in ${origin}.`, `material: ${material}; made in ${origin}.`];
  }
  return material && care ? [`${material}; ${care}.`, `material: ${material}; care: ${care}.`] : [];
}

function fullWordings(facts: Facts, { subject, s, is }: Grammar): string[] {
  const { size, weight, hours, origin } = facts;
  // A list of materials is no material that something is made of.
  const material = facts.material.includes(', ') ? '' : facts.material;
  if (hours && weight) {
    return [
      `${subject} run${s} for up to ${hours} on one charge and weigh${s} ${weight}.`,
      `${subject} weigh${s} ${weight}, and a charge lasts for up to ${hours}.`,
    ];
  }
  if (size && weight) {
    return [
      `${subject} measure${s} ${size} and weigh${s} ${weight}.`,
      `${subject} weigh${s} ${weight} and measure${s} ${size}.`,
      ...(material
        ? [`${subject} ${is} made of ${material}, measure${s} ${size} and weigh${s} ${weight}.`]
        : []),
    ];
  }
  if (weight) {
    return [
      `${subject} weigh${s} ${weight}.`,
      ...(material ? [`${subject} ${is} made of ${material} and weigh${s} ${weight}.`] : []),
    ];
  }
  if (size) {
    return material
      ? [`${subject} ${is} made of ${material} and measure${s} ${size}.`]
      : [`${subject} measure${s} ${size}.`];
  }
  return material && origin ? [`${subject} ${is} made in ${origin} of ${material}.`] : [];
}

/** `null` for sets, since the measures are those of a part, and for those who are called he or she. */
function grammarOf({ title, attributes, text }: ProductLine): Grammar | null {
  if (attributes.pieces !== undefined || /\b(he|she|his|her|him)\b/i.test(text)) {
    return null;
  }
  const [name = ''] = title.split(/,| (?:with|for|of|in|and|to) /);
  return /[^s]s$/.test(name) ? { subject: 'They', s: '', is: 'are' } : { subject: 'It', s: 's', is: 'is' };
}

function weightText(grams: number, choices: readonly Choice[]): string {
  const amount = grams < 1000 ? `${grams} g` : `${Number((grams / 1000).toFixed(grams < 10_000 ? 2 : 1))} kg`;
  const choice = choices.find(({ name }) => CHANGES_THE_WEIGHT.has(name));
  return choice === undefined ? amount : `${amount} (${weighedValue(choice)})`;
}

function weighedValue({ name, values }: Choice): string {
  const value = values[name === 'size' ? Math.floor((values.length - 1) / 2) : 0]?.value ?? '';
  if (!/^[\d–SMLX/]+$/.test(value)) {
    return value.toLowerCase();
  }
  return name === 'size' ? `size ${value}` : `${name} size ${value}`;
}
