import { t } from '../../i18n';
import { apiUrl } from '../../protocol/http';
import type { MeetingFields, Paper } from '../../protocol/generated';

/** A document to be read: where it is, and what goes on every page. */
export interface Reading {
  readonly title: string;
  /** Address of the PDF. */
  readonly url: string;
  /** Path under the HTTP interface that checks its signatures; null for what nobody signed. */
  readonly verification: string | null;
  /** The paper itself, where it is one; null for what the product made. */
  readonly paper: { readonly id: string; readonly version: number } | null;
  readonly label: number;
  readonly zone: string;
}

type Place = Pick<MeetingFields, 'id' | 'label' | 'zone'>;

export function readingOfPaper(meeting: Place, paper: Paper): Reading {
  return {
    title: paper.title,
    url: apiUrl(`/meetings/${meeting.id}/papers/${paper.id}/versions/${paper.version}`),
    verification: null,
    paper: { id: paper.id, version: paper.version },
    label: Math.max(meeting.label, paper.label),
    zone: meeting.zone,
  };
}

export function readingOfAgenda(meeting: Place, number: number): Reading {
  const path = `/meetings/${meeting.id}/agenda/${number}`;
  return {
    title: t('paper-agenda', { number }),
    url: apiUrl(`${path}/pdf`),
    verification: `${path}/verification`,
    paper: null,
    label: meeting.label,
    zone: meeting.zone,
  };
}
