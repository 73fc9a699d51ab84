import { t } from '../../i18n';
import type { OrgRole } from '../../protocol/generated';
import type { Option } from '../../ui';

/** Each account has one of these duties; a secretary may do whatever a member may. */
export const DUTIES = ['member', 'secretary', 'security_officer', 'administrator', 'room'] as const;
export type Duty = (typeof DUTIES)[number];

const WITHOUT_CONTENT: ReadonlySet<string> = new Set(['security_officer', 'administrator']);

/** The duty that a set of roles amounts to. */
export function dutyOf(roles: readonly OrgRole[]): Duty {
  if (roles.includes('secretary')) return 'secretary';
  return roles[0] ?? 'member';
}

/** Whether the duty opens papers and meetings, so that a clearance means something. */
export function readsContent(duty: Duty): boolean {
  return !WITHOUT_CONTENT.has(duty);
}

export function dutyOptions(): Option[] {
  return DUTIES.map((duty) => ({ value: duty, text: t(`admin-role-${duty}`) }));
}

/** The labels that can be given as clearance; one that is held already stays in the list. */
export function clearanceOptions(ceiling: number, held = 0): Option[] {
  const labels = Array.from({ length: Math.max(ceiling, held) + 1 }, (_, label) => label);
  return labels.filter((label) => label <= ceiling || label === held).map((label) => ({ value: String(label), text: t(`label-${label}`) }));
}
