interface Policy {
  createScriptURL(url: string): URL;
}
interface Factory {
  createPolicy(name: string, rules: { createScriptURL: (url: string) => string }): Policy;
}

let policy: Policy | null = null;

/**
 * Return the address of a script of this client in the form that the content security policy asks for (Trusted Types).
 * Raises for any other address; browsers without Trusted Types get the address as it is.
 */
export function trustedScript(url: string): URL {
  const factory = (globalThis as { trustedTypes?: Factory }).trustedTypes;
  if (!factory) return ownScript(url);
  policy ??= factory.createPolicy('plenum', { createScriptURL: (wanted) => ownScript(wanted).href });
  return policy.createScriptURL(url);
}

function ownScript(url: string): URL {
  const address = new URL(url, location.origin);
  if (address.origin !== location.origin) throw new Error('a script of another site');
  return address;
}
