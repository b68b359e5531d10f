/** The frame of the front door's own pages: a document without any script or style but our own files. Every value is escaped by who writes it. */
import type { Language } from './pages.ts';

/** @param scripts files of ours */
export function htmlDocument(language: Language, title: string, body: string, scripts: string[] = []): string {
  const tags = ['height.js', ...scripts].map((name) => `<script type="module" src="${name}"></script>`).join('');
  return `<!doctype html>
<html lang="${language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title><link rel="stylesheet" href="page.css">${tags}</head>
<body><main>${body}</main></body>
</html>
`;
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
export const escapeHtml = (value: string): string => value.replace(/[&<>"']/g, (character) => entities[character] ?? '');

export const hiddenField = (name: string, value: string): string => `<input type="hidden" name="${name}" value="${escapeHtml(value)}">`;
