/* Structures, unions, enumerations, bit-fields, typedefs: declared, copied, followed. */
typedef struct node {
	struct node *next;
	int value;
	unsigned flags : 3, kind : 12;
	char name[8];
	union { int whole; char bytes[4]; } word;
	struct { short low, high; };
} node_t;
enum state { IDLE, BUSY = 4, GONE };
struct { int x, y; } here, there;
typedef enum { OFF, ON } power_t;

node_t first;
self node_t mine;
node_t *by[string];
power_t power;

xpv:::dom-create-start
{
	first.value = 1;
	first.next = (node_t *)arg0;
	first.flags = 5;
	first.word.whole = 'abcd';
	first.low = first.word.bytes[0];
	self->mine = first;
	by["first"] = &first.next[1];
	this->state = BUSY;
	power = ON;
	here.x++;
	there = here;
	first.next->value <<= 2;
}

xpv:::dom-create-end
/self->mine.value == 1 && this->state < GONE/
{
	trace(by["first"]->next->value);
	trace(stringof(self->mine.name));
	trace(sizeof (node_t) + offsetof(struct node, word));
	self->mine = 0;
}
