/** Google's partial answers: `nextPageToken,courses(id,name)` leaves everything else out. Pure. */

type Mask = Map<string, Mask | null>;

/** @param fields null: everything */
export const masked = (body: object, fields: string | null): object => (fields === null ? body : (cut(body, parse(fields)) as object)); // an object stays one

function parse(fields: string): Mask {
  let at = 0;
  const list = (): Mask => {
    const mask: Mask = new Map();
    while (at < fields.length && fields[at] !== ')') {
      const [name = ''] = /^[\w/*-]+/.exec(fields.slice(at)) ?? [];
      at += name.length;
      let below: Mask | null = null;
      if (fields[at] === '(') {
        at++;
        below = list();
        at++;
      }
      mask.set(name, below);
      if (fields[at] === ',') at++;
    }
    return mask;
  };
  return list();
}

function cut(value: unknown, mask: Mask | null): unknown {
  if (mask === null || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((member) => cut(member, mask));
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, of]) => (mask.has(name) ? [[name, cut(of, mask.get(name) ?? null)]] : [])),
  );
}
