"""Recording without decoding: RTP in, Matroska out. All but ``matroska.py`` is pure; files are opened by a callback."""
