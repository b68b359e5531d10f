/** What was looked at in the last minute, for work that launches set off: a class opens a course together, and once is enough. */
const glance = 60_000; // ms
const most = 10_000;

export class Glances<Key> {
  private readonly looked = new Map<Key, number>();

  isFresh(key: Key): boolean {
    return (this.looked.get(key) ?? 0) > Date.now() - glance;
  }

  note(key: Key): void {
    if (this.looked.size >= most) this.looked.clear();
    this.looked.set(key, Date.now());
  }
}
