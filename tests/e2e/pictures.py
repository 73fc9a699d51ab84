"""Camera pictures that prove themselves: a colour says who sends, a row of black and white blocks counts the frames.

Chromium plays a file as its camera; Firefox, which cannot, captures a canvas that draws the same. Whoever receives it
reads colour and count back from the pixels, so that "it plays" means the right person's moving picture.
"""

from pathlib import Path

WIDTH, HEIGHT, FPS, FRAMES = 320, 240, 5, 64  # a low rate: two cores draw the pictures of five browsers
BITS = 6
BLOCK = WIDTH // BITS
CODE_ROWS = 80
BLACK, WHITE, GREY = 16, 235, 120
# Colour as its Cb and Cr (BT.601); far apart, so that compression cannot confuse them.
COLOURS = {"red": (90, 220), "green": (60, 50), "blue": (230, 100), "yellow": (40, 150), "magenta": (190, 190)}


def write_camera(path: Path, colour: str, fps: int = FPS) -> Path:
    """Write a YUV4MPEG2 file of one sender and return its path."""
    cb, cr = COLOURS[colour]
    chroma = bytes([cb]) * (WIDTH * HEIGHT // 4) + bytes([cr]) * (WIDTH * HEIGHT // 4)
    rest = bytes([GREY]) * (WIDTH * (HEIGHT - CODE_ROWS))
    with path.open("wb") as file:
        file.write(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F{fps}:1 Ip A1:1 C420jpeg\n".encode())
        for number in range(FRAMES):
            file.write(b"FRAME\n" + _code_row(number) * CODE_ROWS + rest + chroma)
    return path


def _code_row(number: int) -> bytes:
    blocks = b"".join(bytes([WHITE if number >> bit & 1 else BLACK]) * BLOCK for bit in reversed(range(BITS)))
    return blocks.ljust(WIDTH, bytes([BLACK]))


# Reads every tile of the page: person, colour, frame count. Runs in the page.
READ_TILES = f"""() => {{
  const seen = {{}};
  for (const tile of document.querySelectorAll('[data-testid^="tile-"]')) {{
    const video = tile.querySelector('video');
    if (!video || video.readyState < 2 || !video.videoWidth) continue;
    const canvas = document.createElement('canvas');
    const w = canvas.width = video.videoWidth, h = canvas.height = video.videoHeight;
    const g = canvas.getContext('2d', {{ willReadFrequently: true }});
    g.drawImage(video, 0, 0);
    const at = (x, y) => g.getImageData(Math.round(x), Math.round(y), 1, 1).data;
    let count = 0;
    for (let bit = 0; bit < {BITS}; bit++) {{
      const [r, gr, b] = at((bit + 0.5) * w * {BLOCK} / {WIDTH}, h * {CODE_ROWS} / {HEIGHT} / 2);
      count = count * 2 + ((r + gr + b) / 3 > 127 ? 1 : 0);
    }}
    const [r, gr, b] = at(w / 2, h * 0.75);
    const least = Math.min(r, gr, b), most = Math.max(r, gr, b);
    const high = [r, gr, b].map((one) => one > least + 60 && one > most - 60 ? 1 : 0).join('');
    const colour = {{ 100: 'red', '010': 'green', '001': 'blue', 110: 'yellow', 101: 'magenta' }}[high]
      ?? `rgb(${{r}},${{gr}},${{b}})`;
    seen[tile.dataset.personId] = {{ colour, count, own: tile.dataset.own === 'true' }};
  }}
  return seen;
}}"""


# Notes from now on when pictures at these places are shown; stoodStill() is the longest time in ms without a new one.
WATCH_PICTURES = """(places) => {
  const shown = [...document.querySelectorAll(`${places} video`)].map((video) => {
    const times = [performance.now()];
    const note = (now) => { times.push(now); video.requestVideoFrameCallback(note); };
    video.requestVideoFrameCallback(note);
    return times;
  });
  const longest = (times) => Math.max(...times.slice(1).map((time, index) => time - times[index]));
  window.stoodStill = () => Math.max(...shown.map((times) => longest([...times, performance.now()])));
}"""


# Gives a page a larger camera until ownCamera() is called: what its own shows, drawn at 720 lines.
LARGE_CAMERA = f"""() => {{
  if (!navigator.mediaDevices) return;  // an empty page has none
  const before = navigator.mediaDevices.getUserMedia;
  const original = before.bind(navigator.mediaDevices);
  window.ownCamera = () => {{ navigator.mediaDevices.getUserMedia = before; }};
  navigator.mediaDevices.getUserMedia = async (wanted) => {{
    if (!wanted.video) return original(wanted);
    const small = document.createElement('video');
    small.srcObject = await original({{ video: true }});
    await small.play();
    const canvas = document.createElement('canvas');
    canvas.width = 1280; canvas.height = 720;
    const g = canvas.getContext('2d');
    setInterval(() => g.drawImage(small, 0, 0, 1280, 720), 1000 / {FPS});
    return canvas.captureStream({FPS});
  }};
}}"""

# Gives a page a camera that is a canvas of one colour with the same count. Runs in the page before its own scripts.
CANVAS_CAMERA = f"""(colour) => {{
  const devices = navigator.mediaDevices;
  if (!devices) return;  // an empty page has none
  const original = devices.getUserMedia.bind(devices);
  devices.getUserMedia = async (wanted) => {{
    if (!wanted.video) return original(wanted);
    const canvas = document.createElement('canvas');
    canvas.width = {WIDTH}; canvas.height = {HEIGHT};
    const g = canvas.getContext('2d');
    let number = 0;
    const draw = () => {{
      g.fillStyle = colour; g.fillRect(0, 0, {WIDTH}, {HEIGHT});
      for (let bit = 0; bit < {BITS}; bit++) {{
        g.fillStyle = number >> ({BITS} - 1 - bit) & 1 ? '#fff' : '#000';
        g.fillRect(bit * {BLOCK}, 0, {BLOCK}, {CODE_ROWS});
      }}
      number = (number + 1) % {FRAMES};
    }};
    draw();
    setInterval(draw, 1000 / {FPS});
    const stream = canvas.captureStream({FPS});
    if (wanted.audio) (await original({{ audio: wanted.audio }})).getTracks().forEach((one) => stream.addTrack(one));
    return stream;
  }};
}}"""
