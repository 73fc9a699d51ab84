import type { MeetingRole, Minutes, SignatureInfo, Snapshot } from '../../protocol/generated';

/** One place in the signing order. */
export interface Signer {
  personId: string;
  name: string;
  role: MeetingRole;
  signature: SignatureInfo | undefined;
  next: boolean;
}

/** The order is a rule: the secretary signs first, then the chair. */
const ORDER: readonly MeetingRole[] = ['secretary', 'chair'];

/** Who signs the minutes, in order. Those who have signed stay listed, whatever their role is now. */
export function signers(snapshot: Snapshot, minutes: Minutes): Signer[] {
  const due = ORDER.flatMap((role) => snapshot.participants.filter((participant) => participant.role === role));
  const rows = due.map(({ personId, name, role }) => ({
    personId,
    name,
    role,
    signature: minutes.signatures.find((signature) => signature.personId === personId),
    next: minutes.nextSigner === personId,
  }));
  const others = minutes.signatures
    .filter((signature) => !due.some(({ personId }) => personId === signature.personId))
    .map((signature) => ({
      personId: signature.personId,
      name: signature.name,
      role: signature.role as MeetingRole,
      signature,
      next: false,
    }));
  return [...others, ...rows].filter((signer) => signer.signature || signer.next || minutes.nextSigner !== null);
}
