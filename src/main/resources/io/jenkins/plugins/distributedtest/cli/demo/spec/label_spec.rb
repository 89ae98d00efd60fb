require_relative 'address'

RSpec.describe Address do
  it 'has three lines' do
    label = described_class.new('A. Buyer', 'Main St 1', '12345', 'Town').label
    expect(label.lines.size).to eq(3)
  end

  it 'ends with the city' do
    # Fails on purpose: the zip comes first.
    expect(described_class.new('A', 'B', '12345', 'Town').label).to end_with("\nTown")
  end
end
