"""The first sheet: headline, bridge, groups, fan, trust."""
