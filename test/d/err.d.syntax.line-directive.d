BEGIN { trace(1); }
# 40 "other.d"
END { trace( }
