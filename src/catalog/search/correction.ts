import { editDistance } from './edit-distance.js';

/** A word of the catalog that a misspelt one may have meant. */
export interface Candidate {
  readonly word: string;
  readonly lexeme: string;
  /** The best place it was found in: A for titles to D for descriptions. */
  readonly weight: string;
}

/** A candidate with how far it is from what was written. */
export interface Correction extends Candidate {
  readonly cost: number;
}

const OTHER_BEGINNING = 0.5;
const SOUND_ALIKE = 0.5;
const WEIGHT_COST: Readonly<Record<string, number>> = { A: 0, B: 0, C: 0.1, D: 0.3 };

/**
 * The candidates that a misspelt word can have meant, the likeliest first. What sounds alike (`fone`, `phone`) costs
 * less than its letters say; another first letter costs more, for that is seldom mistyped.
 */
export function likeliest(
  word: string,
  candidates: readonly Candidate[],
  reach: 'whole' | 'prefix' = 'whole',
): Correction[] {
  const limit = allowedMistakes(word);
  return candidates
    .map((candidate) => ({ candidate, cost: costOf(word, candidate.word, reach) }))
    .filter(({ candidate, cost }) => cost <= limit && digitsOf(candidate.word) === digitsOf(word))
    .map(({ candidate: { word: other, lexeme, weight }, cost }) => {
      const beginning = other[0] === word[0] ? 0 : OTHER_BEGINNING;
      return { word: other, lexeme, weight, cost: cost + beginning + (WEIGHT_COST[weight] ?? 0) };
    })
    .toSorted((one, other) => one.cost - other.cost);
}

/** What a word leaves without each of its letters: a key by which words of one mistake find each other. */
export function deletionsOf(word: string): string[] {
  return Array.from(word, (_, place) => [...word].toSpliced(place, 1).join(''));
}

/** Other spellings of the same sound. */
export function soundAlikes(word: string): string[] {
  const alikes = [word.replaceAll('f', 'ph'), word.replaceAll('ph', 'f'), word.replaceAll('k', 'c')];
  return alikes.filter((alike) => alike !== word);
}

// Short words have too many neighbours, and a number is not another one misspelt.
function allowedMistakes(word: string): number {
  const letters = word.length - digitsOf(word).length;
  if (letters < 3) {
    return 0;
  }
  return letters < 5 ? 1 : letters < 8 ? 2 : 3;
}

function costOf(word: string, other: string, reach: 'whole' | 'prefix'): number {
  const sound = editDistance(soundOf(word), soundOf(other), reach);
  return Math.min(editDistance(word, other, reach), sound + SOUND_ALIKE);
}

function soundOf(word: string): string {
  return word
    .replaceAll('ph', 'f')
    .replaceAll('ck', 'k')
    .replace(/[cq]/g, 'k')
    .replaceAll('z', 's')
    .replaceAll('y', 'i')
    .replace(/(.)\1+/g, '$1');
}

function digitsOf(word: string): string {
  return word.replace(/\D/g, '');
}
