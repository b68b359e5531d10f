/** As much of JSON Schema as the OneRoster documents use. */
// biome-ignore lint/suspicious/noExplicitAny: somebody else's document, walked by its own words
export type Schema = any;

/** Where `value` strays from `schema`, as paths. */
export function faultsOf(value: unknown, schema: Schema, document: Schema, path = '$'): string[] {
  if (schema.$ref) {
    const target = schema.$ref
      .slice(2)
      .split('/')
      .reduce((at: Schema, key: string) => at[key], document);
    return faultsOf(value, target, document, path);
  }
  const some: Schema[] | undefined = schema.anyOf ?? schema.oneOf;
  if (some) return some.some((one) => faultsOf(value, one, document, path).length === 0) ? [] : [`${path}: none of ${some.length}`];
  const all: string[] = (schema.allOf ?? []).flatMap((one: Schema) => faultsOf(value, one, document, path));
  if (schema.enum && !schema.enum.includes(value)) all.push(`${path}: not in the vocabulary`);
  if (schema.pattern && !new RegExp(schema.pattern).test(String(value))) all.push(`${path}: pattern`);
  if (schema.type === 'object') return [...all, ...inObject(value, schema, document, path)];
  if (schema.type === 'array') {
    if (!Array.isArray(value)) return [...all, `${path}: no list`];
    if (value.length < (schema.minItems ?? 0)) all.push(`${path}: too short`);
    return [...all, ...value.flatMap((member, at) => faultsOf(member, schema.items, document, `${path}[${at}]`))];
  }
  if (schema.type === 'string') all.push(...inText(value, schema.format, path));
  else if ((schema.type === 'number' || schema.type === 'integer') && typeof value !== 'number') all.push(`${path}: no number`);
  return all;
}

function inObject(value: unknown, schema: Schema, document: Schema, path: string): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${path}: no object`];
  const fields = Object.entries(value);
  const missing = (schema.required ?? []).filter((name: string) => !(name in value)).map((name: string) => `${path}.${name}: missing`);
  const strange = schema.additionalProperties === false ? fields.filter(([name]) => !schema.properties?.[name]) : [];
  const wrong = fields.flatMap(([name, of]) =>
    schema.properties?.[name] ? faultsOf(of, schema.properties[name], document, `${path}.${name}`) : [],
  );
  return [...missing, ...strange.map(([name]) => `${path}.${name}: unknown`), ...wrong];
}

function inText(value: unknown, format: string | undefined, path: string): string[] {
  if (typeof value !== 'string') return [`${path}: no text`];
  if (format === 'date' && !/^\d{4}-\d{2}-\d{2}$/.test(value)) return [`${path}: no date`];
  if (format === 'date-time' && !/^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/.test(value)) return [`${path}: no date-time`];
  if (format === 'uri' && !URL.canParse(value)) return [`${path}: no uri`];
  return [];
}
