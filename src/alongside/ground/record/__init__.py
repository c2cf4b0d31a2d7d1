"""The public record: one append-only log a program. Nobody's pen, everybody's eyes; cites nothing of its own."""
