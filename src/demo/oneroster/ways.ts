/** How a simulated OneRoster server strays from the book, always. Each is something a real server did. */

export const accents = {
  'clamped limit': 'hands out 50 rows a page at most, and says nothing',
  'short pages': 'leaves some of its pages short',
  'no totals': 'gives neither X-Total-Count nor Link',
  'low total': 'says fewer rows than there are',
  'high total': 'says more rows than there are',
  'changing total': 'says another total on every page',
  duplicates: 'repeats the last row of a page on the next',
  'no pages': 'hands out everything at once, whatever page is asked',
  'ignored offset': 'answers every page with the first',
  'wrong wrapper': 'puts the rows under "data"',
  'role wrappers': 'puts users under "students"',
  'no sort': 'answers 400 to a sort order',
  'no filter': 'answers 400 to a filter',
  'ignored filter': 'answers a filter with everything',
  'no users': 'has only students and teachers',
  'no gradebook': 'answers 404 to everything of the gradebook',
  'no permission for scores': 'answers 403 to everything of the gradebook',
  'relative references': 'writes relative hrefs, or nothing but an href',
  'empty titles': 'leaves the titles of classes empty',
  'grade names': 'writes "Third grade"',
  'no agents': 'links no guardian to a child',
  'loose types': 'writes numbers and booleans where the book wants strings',
  'proxied links': 'names itself by another scheme in its links',
  'link quotes': 'writes its Link header with typographic quotes and &amp;',
} as const;
export type Accent = keyof typeof accents;
