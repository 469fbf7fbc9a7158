package network

import "errors"

// Mean returns the network whose weights are the means of the weights of all, in
// the floating form. The mean of checkpoints of one training reads better than the
// last of them. All must be of one build; what is no weight is the first one's.
func Mean(all []*Network) (*Network, error) {
	if len(all) == 0 {
		return nil, errors.New("the mean of no networks")
	}
	out := all[0].Float()
	var sums []*Matrix
	out.Root.matrices(func(m *Matrix) {
		m.Values = append([]float64(nil), m.Values...)
		sums = append(sums, m)
	})
	for _, n := range all[1:] {
		if n.Spec != out.Spec {
			return nil, malformed("networks of different builds, %q and %q", out.Spec, n.Spec)
		}
		if err := add(sums, n); err != nil {
			return nil, err
		}
	}
	for _, m := range sums {
		for i := range m.Values {
			m.Values[i] /= float64(len(all))
		}
	}
	return out, nil
}

func add(sums []*Matrix, n *Network) error {
	var more []*Matrix
	n.Float().Root.matrices(func(m *Matrix) { more = append(more, m) })
	if len(more) != len(sums) {
		return malformed("networks of %d and %d matrices", len(sums), len(more))
	}
	for i, m := range more {
		if !m.sameShape(sums[i]) {
			return malformed("matrix %d is %d×%d in one network and %d×%d in another", i, sums[i].Rows, sums[i].Cols, m.Rows, m.Cols)
		}
		for j, v := range m.Values {
			sums[i].Values[j] += v
		}
	}
	return nil
}
