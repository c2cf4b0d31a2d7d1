"""Opinions: people judge statements; the clock draws where they lean. No one's pen but the people's; cites an engagement's promise."""
