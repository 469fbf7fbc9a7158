package reader

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// completion is what is read of a chat completion.
type completion struct {
	Choices []struct {
		Message struct {
			Content content `json:"content"`
		} `json:"message"`
	} `json:"choices"`
}

// content is a string, or a list of parts of which some are text.
type content string

func (c *content) UnmarshalJSON(raw []byte) error {
	var s *string
	if json.Unmarshal(raw, &s) == nil {
		if s != nil {
			*c = content(*s)
		}
		return nil
	}
	var parts []struct {
		Type string `json:"type"`
		Text string `json:"text"`
	}
	if err := json.Unmarshal(raw, &parts); err != nil {
		return errors.New("the content is neither a text nor parts")
	}
	var all []string
	for _, p := range parts {
		if p.Type == "text" || p.Type == "output_text" {
			all = append(all, p.Text)
		}
	}
	*c = content(strings.Join(all, "\n"))
	return nil
}

// completed is the text of a server's answer; it may be empty.
func completed(answer []byte) (string, error) {
	var c completion
	if err := json.Unmarshal(answer, &c); err != nil {
		return "", fmt.Errorf("no chat completion: %w", err)
	}
	if len(c.Choices) == 0 {
		return "", errors.New("no chat completion: it holds no choices")
	}
	return string(c.Choices[0].Message.Content), nil
}
