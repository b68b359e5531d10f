/** Real feeds leave class titles empty: a readable one from what the class does have. Pure. */
export function readableTitle(of: { title: string; course: string | null; periods: string[]; teacher: string | null; id: number }): string {
  if (of.title.trim()) return of.title.trim();
  const parts = [of.course?.trim(), of.periods.join(', '), of.teacher].filter(Boolean);
  return parts.length > 0 ? parts.join(' · ') : `#${of.id}`;
}
