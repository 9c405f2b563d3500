// Messages of DNS, RFC 1035 and 6891. Pure.

package dns

import (
	"fmt"
	"net/netip"
	"strings"

	"golang.org/x/net/dns/dnsmessage"
)

const (
	// plainBytes is what a datagram may have without a word about it.
	plainBytes = 512
	// extendedBytes fit into every network's packets, as dnsflagday.net/2020 has it.
	extendedBytes = 1232
)

// Types that ask for more than one thing: a whole zone, or anything.
const (
	typeIXFR = dnsmessage.Type(251)
	typeAXFR = dnsmessage.Type(252)
	typeANY  = dnsmessage.Type(255)
)

type query struct {
	header   dnsmessage.Header
	question dnsmessage.Question
	// name is that of question, fit for the record.
	name string
	// maxBytes that a datagram with the answer may have.
	maxBytes int
	extended bool
	// refusal is set when there is nothing to look up.
	refusal dnsmessage.RCode
}

// parseQuery reports false for what deserves no answer, such as an answer.
func parseQuery(message []byte) (query, bool) {
	var parser dnsmessage.Parser
	header, err := parser.Start(message)
	if err != nil || header.Response {
		return query{}, false
	}
	asked := query{header: header, maxBytes: plainBytes}
	if header.OpCode != 0 {
		asked.refusal = dnsmessage.RCodeNotImplemented
		return asked, true
	}
	questions, err := parser.AllQuestions()
	if err != nil || len(questions) != 1 {
		asked.refusal = dnsmessage.RCodeFormatError
		return asked, true
	}
	asked.question = questions[0]
	asked.name = readable(asked.question.Name)
	switch asked.question.Type {
	case typeAXFR, typeIXFR, typeANY:
		asked.refusal = dnsmessage.RCodeRefused
	}
	if asked.question.Class != dnsmessage.ClassINET {
		asked.refusal = dnsmessage.RCodeRefused
	}
	readExtension(&parser, &asked)
	return asked, true
}

// readExtension looks for the record by which a sender says what size it takes.
func readExtension(parser *dnsmessage.Parser, asked *query) {
	if parser.SkipAllAnswers() != nil || parser.SkipAllAuthorities() != nil {
		return
	}
	for {
		header, err := parser.AdditionalHeader()
		if err != nil {
			return
		}
		if header.Type == dnsmessage.TypeOPT {
			// The class of this record is a size.
			asked.extended = true
			asked.maxBytes = min(max(int(header.Class), plainBytes), extendedBytes)
			return
		}
		if parser.SkipAdditional() != nil {
			return
		}
	}
}

// readable makes a name of the guest's fit for the record: no character but
// those of host names stays.
func readable(name dnsmessage.Name) string {
	text := strings.TrimSuffix(string(name.Data[:name.Length]), ".")
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '.', r == '-', r == '_':
			return r
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		}
		return '?'
	}, text)
}

func build(asked query, code dnsmessage.RCode, truncated bool, found []netip.Addr) []byte {
	builder := dnsmessage.NewBuilder(nil, dnsmessage.Header{
		ID:                 asked.header.ID,
		Response:           true,
		OpCode:             asked.header.OpCode,
		Truncated:          truncated,
		RecursionDesired:   asked.header.RecursionDesired,
		RecursionAvailable: true,
		RCode:              code,
	})
	builder.EnableCompression()
	if asked.question.Name.Length == 0 {
		// A query whose question could not be read.
		return finish(&builder)
	}
	if builder.StartQuestions() != nil || builder.Question(asked.question) != nil || builder.StartAnswers() != nil {
		return nil
	}
	resource := dnsmessage.ResourceHeader{Name: asked.question.Name, Class: dnsmessage.ClassINET, TTL: answerTTL}
	for _, address := range found {
		var err error
		if address.Is4() {
			err = builder.AResource(resource, dnsmessage.AResource{A: address.As4()})
		} else {
			err = builder.AAAAResource(resource, dnsmessage.AAAAResource{AAAA: address.As16()})
		}
		if err != nil {
			return nil
		}
	}
	if asked.extended {
		addExtension(&builder)
	}
	return finish(&builder)
}

// question is a fresh query for the same thing.
func question(asked query) []byte {
	builder := dnsmessage.NewBuilder(nil, dnsmessage.Header{ID: asked.header.ID, RecursionDesired: true})
	if builder.StartQuestions() != nil || builder.Question(asked.question) != nil {
		return nil
	}
	addExtension(&builder)
	return finish(&builder)
}

func addExtension(builder *dnsmessage.Builder) {
	var header dnsmessage.ResourceHeader
	if header.SetEDNS0(extendedBytes, dnsmessage.RCodeSuccess, false) != nil || builder.StartAdditionals() != nil {
		return
	}
	// It fails only out of order, which the line above has ruled out.
	_ = builder.OPTResource(header, dnsmessage.OPTResource{})
}

func finish(builder *dnsmessage.Builder) []byte {
	message, err := builder.Finish()
	if err != nil {
		return nil
	}
	return message
}

// isAnswerTo checks that answer is about the question that was asked.
func isAnswerTo(asked query, answer []byte) bool {
	var parser dnsmessage.Parser
	header, err := parser.Start(answer)
	if err != nil || !header.Response || header.ID != asked.header.ID {
		return false
	}
	question, err := parser.Question()
	return err == nil && question.Type == asked.question.Type && question.Class == asked.question.Class &&
		strings.EqualFold(question.Name.String(), asked.question.Name.String())
}

func rcodeOf(message []byte) dnsmessage.RCode {
	var parser dnsmessage.Parser
	header, err := parser.Start(message)
	if err != nil {
		return dnsmessage.RCodeServerFailure
	}
	return header.RCode
}

func typeName(kind dnsmessage.Type) string {
	name := kind.String()
	if rest, known := strings.CutPrefix(name, "Type"); known {
		return rest
	}
	return fmt.Sprintf("TYPE%d", uint16(kind))
}
