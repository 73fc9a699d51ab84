import { knownZones, type Option } from '../../ui';

/** All time zones, with the one in use first where the browser does not know it. */
export function zoneOptions(used: string): Option[] {
  const names = new Set([...(knownZones().includes(used) ? [] : [used]), ...knownZones()]);
  return [...names].map((name) => ({ value: name, text: name.replaceAll('_', ' ') }));
}
