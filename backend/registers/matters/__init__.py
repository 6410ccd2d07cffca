"""The matter list (抽查事项清单): what may be inspected at all, on which legal basis, approved and published in versions."""
