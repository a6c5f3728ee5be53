typedef int number_t;
struct seen { int n; };
translator struct seen < int i > { n = i; };
translator struct seen < number_t i > { n = i; };
