package gitignore
import ("testing";"strings";"time";"fmt")
func TestZZ(t *testing.T){
 for _, p := range []string{strings.Repeat("*a",300)+"b\n", strings.Repeat("**/*a/",200)+"b\n", "zzzzz*\n", "*[a-z]*[a-z]*[a-z]*x\n"} {
 r := Parse([]byte(strings.Repeat(p, 20000)))
 b := NewBudget(1<<30); s := time.Now(); n := 0
 for b.left >= 0 && time.Since(s) < 60*time.Second { r.Match(strings.Repeat("aaaaaaaa/", 20)+strings.Repeat("a",200), false, b); n++ }
 fmt.Println(p[:6], time.Since(s), n)
 }
}
