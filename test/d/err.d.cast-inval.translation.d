struct seen { int n; };
translator struct seen < int i > { n = i; };
BEGIN { this->a = (uintptr_t)xlate <struct seen *> (3); }
