/** How a simulated tenant strays from the book, always. Each is something Graph does somewhere, or a proxy before it. */

export const accents = {
  'small pages': 'hands out seven rows a page, however many are asked for',
  'no large pages': 'answers 400 to $top',
  'empty pages': 'has empty pages before each full one',
  'contacts one by one': 'leaves relatedContacts out of listings',
  'no contacts in listings': 'answers 400 to relatedContacts in a listing',
  'null fields': 'writes null where nothing is',
  'teachers are no members': 'lists teachers apart from members',
  'changes from the beginning': 'does not know $deltatoken=latest',
  'no changes': 'answers 400 to delta',
  'proxied links': 'names itself by another scheme in its links',
  duplicates: 'repeats the last row of a page on the next',
  'links in a circle': 'names the first page as the next',
  'links elsewhere': 'names a next page on another host',
  'wrong wrapper': 'puts the rows under "items"',
  'hidden members': 'answers 403 to the members of a class',
  'a class gone midway': 'no longer knows a class it has listed',
  'a class not ours': 'answers 403 to the members of one class',
  'spoilt members': 'writes numbers for the roles of one class’s members',
  'work not ours': 'answers 403 to the assignments of one class',
  'no permission for contacts': 'answers 403 to relatedContacts',
  'no permission for assignments': 'answers 403 to assignments',
  'no permission for reading': 'answers 403 to reading reports',
} as const;
export type Accent = keyof typeof accents;
