/**
 * `Link` headers (RFC 8288) as servers write them: typographic quotes, HTML entities, several in one header or none.
 * @returns the target of `rel`, as written
 */
export function linkTo(rel: string, header: string | string[] | undefined): string | null {
  const text = (Array.isArray(header) ? header.join(', ') : (header ?? ''))
    // Node hands over header bytes as Latin-1; a typographic quote came as UTF-8.
    .replace(/\u00e2\u0080[\u009c\u009d]|[\u201c\u201d\u0093\u0094]|&quot;/g, '"')
    .replaceAll('&amp;', '&');
  for (const [, target = '', parameters = ''] of text.matchAll(/<([^>]*)>((?:\s*;\s*[^\s=;,]+\s*(?:=\s*(?:"[^"]*"|[^\s;,]*))?)*)/g)) {
    const said = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,]*))/i.exec(parameters);
    const rels = (said?.[1] ?? said?.[2] ?? '').toLowerCase().split(/\s+/);
    if (rels.includes(rel)) return target.trim();
  }
  return null;
}
