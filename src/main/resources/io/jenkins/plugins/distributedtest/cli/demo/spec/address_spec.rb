require_relative 'address'

RSpec.describe Address do
  subject(:address) { described_class.new('A. Buyer', 'Main St 1', '12345', 'Town') }

  it { is_expected.to be_valid }

  it 'needs five digits' do
    address.zip = '1234'
    expect(address).not_to be_valid
  end

  it 'needs a city' do
    address.city = ' '
    expect(address).not_to be_valid
  end
end
