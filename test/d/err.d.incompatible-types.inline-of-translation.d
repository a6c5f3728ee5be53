struct seen { int n; };
struct other { int n; };
translator struct seen < int i > { n = i; };
inline struct other it = xlate <struct seen> (3);
