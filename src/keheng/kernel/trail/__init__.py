"""The audit trail: every act an entry, every entry sealed into one SM3 chain, its heads kept outside.

Terms: *entry* 审计记录, *seal* 封存, *head* 链头, *era* 纪元. Basis: GB/T 22239-2019 security audit (level 3); 网络安全法
art. 23(3) (2025 amendment): kept for six months at least.
"""
