/**
 * Which ids a listing has brought already: 64 bits of each, so that a million enrollments weigh 16 MB and not ten times that. Ids that come in
 * order, as they are asked for, are new by that alone: they are only written down, and looked up from the first on that comes out of it.
 */
export class Seen {
  /** Two numbers an id: one after the other while they come in order, then each in the place its hash gives it. */
  private slots = new Uint32Array(2 * 1024);
  private size = 0;
  private last: string | null = '';

  /** @returns false when it was there */
  add(id: string): boolean {
    const inOrder = this.last !== null && id > this.last;
    if (!inOrder && this.last !== null) this.arrange(this.slots.length);
    if (this.size * 4 > this.slots.length) this.grow();
    const [high, low] = hash(id);
    if (inOrder) {
      this.last = id;
      this.slots[2 * this.size] = high;
      this.slots[2 * this.size + 1] = low;
    } else if (!this.put(high, low)) return false;
    this.size++;
    return true;
  }

  has(id: string): boolean {
    if (this.last !== null && id > this.last) return false;
    if (this.last !== null) this.arrange(this.slots.length);
    const [high, low] = hash(id);
    const mask = this.slots.length / 2 - 1;
    for (let at = low & mask; ; at = (at + 1) & mask) {
      const [there, beside] = [this.slots[2 * at], this.slots[2 * at + 1]];
      if (there === high && beside === low) return true;
      if (there === 0 && beside === 0) return false;
    }
  }

  private put(high: number, low: number): boolean {
    const mask = this.slots.length / 2 - 1;
    for (let at = low & mask; ; at = (at + 1) & mask) {
      const [there, beside] = [this.slots[2 * at], this.slots[2 * at + 1]];
      if (there === high && beside === low) return false;
      if (there === 0 && beside === 0) {
        this.slots[2 * at] = high;
        this.slots[2 * at + 1] = low;
        return true;
      }
    }
  }

  private grow(): void {
    if (this.last === null) this.arrange(this.slots.length * 2);
    else {
      const before = this.slots;
      this.slots = new Uint32Array(before.length * 2);
      this.slots.set(before);
    }
  }

  /** From here on each stands where its hash says. */
  private arrange(length: number): void {
    this.last = null;
    const before = this.slots;
    this.slots = new Uint32Array(length);
    for (let at = 0; at < before.length; at += 2) {
      const [high = 0, low = 0] = [before[at], before[at + 1]];
      if (high !== 0 || low !== 0) this.put(high, low);
    }
  }
}

const { imul } = Math;

/** Two multiplicative hashes side by side, mixed at the end. Never both zero: that is an empty slot. */
function hash(text: string): [number, number] {
  let high = 0xdeadbeef ^ text.length;
  let low = 0x41c6ce57;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    high = imul(high ^ code, 2654435761);
    low = imul(low ^ code, 1597334677);
  }
  high = imul(high ^ (high >>> 16), 2246822507) ^ imul(low ^ (low >>> 13), 3266489909);
  low = imul(low ^ (low >>> 16), 2246822507) ^ imul(high ^ (high >>> 13), 3266489909);
  return [high >>> 0 || 1, low >>> 0];
}
