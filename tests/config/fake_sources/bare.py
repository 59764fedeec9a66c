"""No adapter: it names neither Settings nor build."""
