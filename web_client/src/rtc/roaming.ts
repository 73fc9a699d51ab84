export type Connections = typeof RTCPeerConnection;

const GATHERS_WITHIN_MS = 2_000;
let frame: HTMLIFrameElement | undefined;

/**
 * The constructor of connections that stay connected when the computer gets another address, for Chromium.
 *
 * In a page that may use camera or microphone it binds a socket to each address, and looks for two seconds before it offers
 * a new one. In a frame that may use neither, sockets are bound to no address: the system sends by the way that there is.
 * The page's own tracks can be sent from there. Where the frame's connections find no candidates it is the page's own.
 */
export async function roamingConnections(): Promise<Connections> {
  if (!frame?.isConnected) frame = openFrame();
  const { RTCPeerConnection: roaming } = frame.contentWindow as Window & typeof globalThis;
  return (await gathers(roaming)) ? roaming : RTCPeerConnection;
}

function openFrame(): HTMLIFrameElement {
  const opened = document.createElement('iframe');
  opened.hidden = true;
  opened.allow = "camera 'none'; microphone 'none'";
  document.body.append(opened);
  return opened;
}

/** Whether such a connection finds candidates: it hides its address behind a name, for which it needs multicast DNS. */
async function gathers(Connection: Connections): Promise<boolean> {
  const connection = new Connection();
  const found = new Promise<boolean>((resolve) => {
    connection.addEventListener('icecandidate', ({ candidate }) => resolve(candidate !== null));
    setTimeout(() => resolve(false), GATHERS_WITHIN_MS);
  });
  try {
    connection.addTransceiver('audio');
    await connection.setLocalDescription();
    return await found;
  } finally {
    connection.close();
  }
}
