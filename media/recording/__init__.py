"""Recording without decoding: RTP in, Matroska out. All but ``webm.py`` is pure; files are opened by a callback."""
