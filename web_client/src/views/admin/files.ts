import type { WelcomeLink } from '../../protocol/generated';
import { addressOf } from './LinkDialog';

const FORMULA = /^[=+\-@\t\r]/u;

/** A cell that no spreadsheet takes for a formula, quoted where it must be. */
export function cell(text: string): string {
  const inert = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/u.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}

/** The welcome links of an import as a file, since they cannot be shown again. */
export function linksFile(links: readonly WelcomeLink[]): Blob {
  const rows = [['username', 'name', 'link', 'valid_until'], ...links.map((link) => [link.username, link.name, addressOf(link), link.expiresAt])];
  return new Blob(['\uFEFF', rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('')], { type: 'text/csv' });
}

/** Hand a file to the reader, as if a link to it had been pressed. */
export function save(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 0);
}
