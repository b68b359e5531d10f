/** What vendors' measures are in a family's words, by the code or name the vendor gives them. A measure that is not here has none. */
import type { RecordOf } from '../../../src/roster/model.ts';
import { slug } from '../words.ts';

type Words = { skill: string; unit: string | null; subject?: string; max?: number };

const letters = 'letters named correctly in one minute';
const firstSounds = 'first sounds heard in words in one minute';
const soundsHeard = 'sounds heard in spoken words in one minute';
const letterSounds = 'letter sounds read correctly in one minute';
const madeUpWords = 'made-up words read correctly in one minute';
const storyWords = 'words of a story read correctly in one minute';
const accuracy = 'how many of a hundred words are read correctly';
const retold = 'words used to retell a story in one minute';
const missing = 'missing words of a story found in three minutes';

/** DIBELS 8, DIBELS Next and Acadience Reading and Math, which share most of their measures. */
const dibels: Record<string, Words> = {
  composite: { skill: 'early reading overall', unit: null },
  'composite-score': { skill: 'early reading overall', unit: null },
  'reading-composite': { skill: 'early reading overall', unit: null },
  fsf: { skill: firstSounds, unit: 'sounds' },
  lnf: { skill: letters, unit: 'letters' },
  psf: { skill: soundsHeard, unit: 'sounds' },
  'nwf-cls': { skill: letterSounds, unit: 'letter sounds' },
  'nwf-wrc': { skill: madeUpWords, unit: 'words' },
  'nwf-wwr': { skill: madeUpWords, unit: 'words' },
  wrf: { skill: 'words from a list read correctly in one minute', unit: 'words' },
  orf: { skill: storyWords, unit: 'words' },
  'dorf-fluency': { skill: storyWords, unit: 'words' },
  'orf-wc': { skill: storyWords, unit: 'words' },
  'or-wc': { skill: storyWords, unit: 'words' },
  'orf-accu': { skill: accuracy, unit: null },
  'dorf-accuracy': { skill: accuracy, unit: null },
  'orf-accuracy': { skill: accuracy, unit: null },
  'or-accuracy': { skill: accuracy, unit: null },
  'dorf-retell': { skill: retold, unit: 'words' },
  retell: { skill: retold, unit: 'words' },
  maze: { skill: missing, unit: 'words' },
  daze: { skill: missing, unit: 'words' },
  'math-composite': { skill: 'early math overall', unit: null, subject: 'Mathematics' },
  bqd: { skill: 'finding which of two sets has more in one minute', unit: 'answers', subject: 'Mathematics' },
  nif: { skill: 'numbers named correctly in one minute', unit: 'numbers', subject: 'Mathematics' },
  nnf: { skill: 'saying which number comes next in one minute', unit: 'numbers', subject: 'Mathematics' },
  aqd: { skill: 'finding which of two numbers is greater in one minute', unit: 'answers', subject: 'Mathematics' },
  mnf: { skill: 'finding the missing number in one minute', unit: 'numbers', subject: 'Mathematics' },
  comp: { skill: 'math problems worked out correctly', unit: 'digits', subject: 'Mathematics' },
  'c-a': { skill: 'word problems and charts in math', unit: 'points', subject: 'Mathematics' },
};

/** FastBridge earlyReading, earlyMath, CBMreading, CBMmath, aReading and aMath. */
const fastBridge: Record<string, Words> = {
  'early-reading-english': { skill: 'early reading overall', unit: null },
  'early-math': { skill: 'early math overall', unit: null, subject: 'Mathematics' },
  areading: { skill: 'reading overall', unit: null },
  amath: { skill: 'math overall', unit: null, subject: 'Mathematics' },
  'cbmr-english': { skill: storyWords, unit: 'words' },
  'concepts-of-print': { skill: 'how books and print work', unit: 'answers' },
  'letter-names': { skill: letters, unit: 'letters' },
  'letter-sounds': { skill: 'letter sounds said correctly in one minute', unit: 'letter sounds' },
  'onset-sounds': { skill: 'first sounds heard in words', unit: 'sounds' },
  'nonsense-words': { skill: madeUpWords, unit: 'words' },
  'decodable-words': { skill: 'words that can be sounded out, read correctly in one minute', unit: 'words' },
  'sight-words': { skill: 'common words read correctly in one minute', unit: 'words' },
  'sentence-reading': { skill: 'words of sentences read correctly in one minute', unit: 'words' },
  'word-rhyming': { skill: 'words that rhyme', unit: 'answers' },
  'word-blending': { skill: 'putting sounds together to make words', unit: 'words' },
  'word-segmenting': { skill: 'taking words apart into sounds', unit: 'sounds' },
  'oral-repetition': { skill: 'repeating spoken sentences', unit: 'answers' },
  'numeral-identification-kg': { skill: 'numbers read correctly in one minute', unit: 'numbers', subject: 'Mathematics' },
  'numeral-identification-one': { skill: 'numbers read correctly in one minute', unit: 'numbers', subject: 'Mathematics' },
  'counting-objects': { skill: 'counting objects', unit: 'answers', subject: 'Mathematics' },
  'number-sequence-kg': { skill: 'counting on and back', unit: 'answers', subject: 'Mathematics' },
  'number-sequence-one': { skill: 'counting on and back', unit: 'answers', subject: 'Mathematics' },
  'match-quantity': { skill: 'matching numbers with how many', unit: 'answers', subject: 'Mathematics' },
  subitizing: { skill: 'seeing how many without counting', unit: 'answers', subject: 'Mathematics' },
  composing: { skill: 'putting numbers together', unit: 'answers', subject: 'Mathematics' },
  'decomposing-kg': { skill: 'taking numbers apart', unit: 'answers', subject: 'Mathematics' },
  'decomposing-one': { skill: 'taking numbers apart', unit: 'answers', subject: 'Mathematics' },
  'equal-partitioning': { skill: 'sharing into equal parts', unit: 'answers', subject: 'Mathematics' },
  'place-value': { skill: 'tens and ones', unit: 'answers', subject: 'Mathematics' },
  'quantity-discrimination-most': { skill: 'finding which number is greater', unit: 'answers', subject: 'Mathematics' },
  'quantitydiscrimination-least': { skill: 'finding which number is smaller', unit: 'answers', subject: 'Mathematics' },
  'verbal-addition': { skill: 'adding in the head', unit: 'answers', subject: 'Mathematics' },
  'verbal-subtraction': { skill: 'taking away in the head', unit: 'answers', subject: 'Mathematics' },
  'story-problems': { skill: 'word problems in math', unit: 'answers', subject: 'Mathematics' },
  'auto-l1-gom': { skill: 'math facts right in one minute', unit: 'answers', subject: 'Mathematics' },
  'auto-l2-gom': { skill: 'math facts right in one minute', unit: 'answers', subject: 'Mathematics' },
  'auto-l3-gom': { skill: 'math facts right in one minute', unit: 'answers', subject: 'Mathematics' },
  'proc-l2-gom': { skill: 'math problems worked out correctly in one minute', unit: 'answers', subject: 'Mathematics' },
  'proc-l3-gom': { skill: 'math problems worked out correctly in one minute', unit: 'answers', subject: 'Mathematics' },
  'proc-l4-gom': { skill: 'math problems worked out correctly in one minute', unit: 'answers', subject: 'Mathematics' },
  'proc-l5-gom': { skill: 'math problems worked out correctly in one minute', unit: 'answers', subject: 'Mathematics' },
  'proc-l6-gom': { skill: 'math problems worked out correctly in one minute', unit: 'answers', subject: 'Mathematics' },
  'cbmmath-cap': { skill: 'math questions right in ten minutes', unit: 'answers', subject: 'Mathematics' },
};

/** PALS-PreK, by column. */
const pals: Record<string, Words> = {
  namewri: { skill: 'writing one’s own name', unit: 'points', max: 7 },
  'alpha-uc': { skill: 'capital letters named', unit: 'letters', max: 26 },
  'alpha-lc': { skill: 'small letters named', unit: 'letters', max: 26 },
  lettersnd: { skill: 'letter sounds said', unit: 'letter sounds', max: 26 },
  begsound: { skill: 'first sounds heard in words', unit: 'sounds', max: 10 },
  prntword: { skill: 'how books and print work', unit: 'answers', max: 10 },
  rhyme: { skill: 'words that rhyme', unit: 'answers', max: 10 },
  nurrhyme: { skill: 'nursery rhymes finished', unit: 'rhymes', max: 10 },
};

const families = { dibels, fastBridge, pals };

/** @param code as the vendor writes it, e.g. `NWF-CLS` or `Letter Names` */
export function skillAssessment(family: keyof typeof families, prefix: string, code: string, title: string): RecordOf['assessments'] {
  const key = slug(code);
  const known = families[family][key];
  return {
    sourcedId: `${prefix}/${key}`,
    title,
    subject: known?.subject ?? 'Reading',
    skill: known?.skill ?? null,
    unit: known?.unit ?? null,
    scaleMin: 0,
    scaleMax: known?.max ?? null,
  };
}
